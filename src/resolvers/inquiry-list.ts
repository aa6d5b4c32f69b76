import { presentInquiry } from '../presenters/present-inquiry';
import { presentPage } from '../presenters/present-page';
import { type InquiryFilter as FilterRows, listInquiries } from '../queries/inquiries';
import { InquiryConnection } from '../schema/connections';
import type { InquiryPageArgs } from '../schema/page-args';
import { inputIds } from './payload';
import { type RequestContext, signedIn } from './request-context';
import { idsOf } from './conversation-list';

/** A page of an organization's inquiries; the caller has made sure that the viewer may list them. */
export async function inquiryList(
  context: RequestContext,
  owner: { readonly organizationId: string },
  args: InquiryPageArgs,
): Promise<InquiryConnection> {
  const principal = signedIn(context);
  const list = listInquiries(context.readOf(principal), principal, owner, filterRows(args), args.orderBy ?? null);
  return Object.assign(new InquiryConnection(), presentPage(await list.page(args), presentInquiry), {
    countTotal: list.count,
  });
}

function filterRows({ states, filter }: InquiryPageArgs): FilterRows {
  const both = [states, filter?.states].filter((each) => each != null);
  const [first = null, second = first] = both;
  return idsOf(() => ({
    ...filter,
    states: first?.filter((state) => second?.includes(state)) ?? null,
    agentIds: inputIds('agent', filter?.agentIds, 'filter', 'agentIds'),
    assigneeIds: inputIds('user', filter?.assigneeIds, 'filter', 'assigneeIds'),
  }));
}
