import type { Fault } from './fault.ts';
import { cutsAndDrips } from './faults/cuts.ts';
import { echoes } from './faults/echoes.ts';
import { encodings } from './faults/encodings.ts';
import { framing, twoAnswers } from './faults/framing.ts';
import { hostileJson } from './faults/hostile-json.ts';
import { redirects } from './faults/redirects.ts';
import { statuses } from './faults/statuses.ts';

/** Every fault of a server, by its kind. */
export const faults: Readonly<Record<string, readonly Fault[]>> = {
  'refusals in every status class': statuses,
  'cuts and drips': cutsAndDrips,
  redirects,
  encodings,
  'hostile JSON': hostileJson,
  'echoes of secrets': echoes,
  'HTTP that is none': framing,
  'two answers to one request': twoAnswers,
};
