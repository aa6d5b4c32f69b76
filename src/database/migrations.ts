import { CreateCoreTables1795000000000 } from '../../migrations/1795000000000-create-core-tables';
import { CreateEventAndNotificationTables1795000000001 } from '../../migrations/1795000000001-create-event-and-notification-tables';
import { CreateInvitations1795100000000 } from '../../migrations/1795100000000-create-invitations';
import { CreateHosts1795100000001 } from '../../migrations/1795100000001-create-hosts';
import { CreateRateLimits1795100000002 } from '../../migrations/1795100000002-create-rate-limits';
import { CreatePasswordResets1795100000003 } from '../../migrations/1795100000003-create-password-resets';
import { IsolateTenants1795200000000 } from '../../migrations/1795200000000-isolate-tenants';
import { CreateAuditEntries1795200000100 } from '../../migrations/1795200000100-create-audit-entries';
import { VerifyVisitors1795200000300 } from '../../migrations/1795200000300-verify-visitors';
import { ScopeApiKeys1795200000301 } from '../../migrations/1795200000301-scope-api-keys';
import { LetVisitorsBeErased1795200000400 } from '../../migrations/1795200000400-let-visitors-be-erased';
import { IndexLists1795300000000 } from '../../migrations/1795300000000-index-lists';
import { SearchInsideTheWall1795300000001 } from '../../migrations/1795300000001-search-inside-the-wall';
import { LetPeopleChooseTheirLanguage1795500000000 } from '../../migrations/1795500000000-let-people-choose-their-language';
import { RememberMailIds1795500000001 } from '../../migrations/1795500000001-remember-mail-ids';
import { CreateMailSettings1795500000002 } from '../../migrations/1795500000002-create-mail-settings';
import { HoldHandoffs1795600000000 } from '../../migrations/1795600000000-hold-handoffs';
import { CreateNotes1795600000001 } from '../../migrations/1795600000001-create-notes';
import { SayItOnce1795700000000 } from '../../migrations/1795700000000-say-it-once';
import { ClimbLadders1795700000001 } from '../../migrations/1795700000001-climb-ladders';
import { WithdrawTransferredRequests1795700000002 } from '../../migrations/1795700000002-withdraw-transferred-requests';
import { HoldQuietDeliveries1795750000000 } from '../../migrations/1795750000000-hold-quiet-deliveries';
import { SortInquiries1795800000000 } from '../../migrations/1795800000000-sort-inquiries';
import { CreateReplyAddresses1795800000001 } from '../../migrations/1795800000001-create-reply-addresses';
import { CreateAttachments1795900000000 } from '../../migrations/1795900000000-create-attachments';
import { CreateCannedAnswers1795910000000 } from '../../migrations/1795910000000-create-canned-answers';
import { CreateTranscripts1795910000001 } from '../../migrations/1795910000001-create-transcripts';
import { LayerSettings1795920000000 } from '../../migrations/1795920000000-layer-settings';
import { FindAuditedActions1796100000000 } from '../../migrations/1796100000000-find-audited-actions';
import { MergeSearchList1796300000000 } from '../../migrations/1796300000000-merge-search-list';

/** In the order in which they run. Named one by one, so that a build cannot forget a file that a glob would miss. */
export const MIGRATIONS = [
  CreateCoreTables1795000000000,
  CreateEventAndNotificationTables1795000000001,
  CreateInvitations1795100000000,
  CreateHosts1795100000001,
  CreateRateLimits1795100000002,
  CreatePasswordResets1795100000003,
  IsolateTenants1795200000000,
  CreateAuditEntries1795200000100,
  VerifyVisitors1795200000300,
  ScopeApiKeys1795200000301,
  LetVisitorsBeErased1795200000400,
  IndexLists1795300000000,
  SearchInsideTheWall1795300000001,
  LetPeopleChooseTheirLanguage1795500000000,
  RememberMailIds1795500000001,
  CreateMailSettings1795500000002,
  HoldHandoffs1795600000000,
  CreateNotes1795600000001,
  SayItOnce1795700000000,
  ClimbLadders1795700000001,
  WithdrawTransferredRequests1795700000002,
  HoldQuietDeliveries1795750000000,
  SortInquiries1795800000000,
  CreateReplyAddresses1795800000001,
  CreateAttachments1795900000000,
  CreateCannedAnswers1795910000000,
  CreateTranscripts1795910000001,
  LayerSettings1795920000000,
  FindAuditedActions1796100000000,
  MergeSearchList1796300000000,
];
