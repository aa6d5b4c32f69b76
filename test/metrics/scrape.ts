/** What Prometheus would read: each line by its name and labels. */
export class Scrape {
  private readonly lines: ReadonlyMap<string, number>;

  private constructor(readonly text: string) {
    this.lines = new Map(
      text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line): [string, number] => {
          const at = line.lastIndexOf(' ');
          return [line.slice(0, at), Number(line.slice(at + 1))];
        }),
    );
  }

  static async of(port: number): Promise<Scrape> {
    return new Scrape(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
  }

  /** Undefined when there is no such line. */
  value(line: string): number | undefined {
    return this.lines.get(line);
  }

  /** Of all metrics, whether they have a value or not. */
  names(): string[] {
    return [...this.text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name!);
  }
}
