// Imported first and alone by every entry: what comes after it may use syntax that an old Node cannot even read.
const OLDEST = [20, 9];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(`Baton needs Node ${OLDEST.join('.')} or newer; this is ${process.version}.`);
  process.exit(1);
}
