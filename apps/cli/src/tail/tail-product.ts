import type { DataProduct } from '@samspill/contracts';
import type { EventLog, LoggedRecord } from '@samspill/event-log';
import type { WireFormat } from '@samspill/schema-registry';
import { decodeRecords } from '../event-log/decoded-record.ts';
import { readTopic } from '../event-log/read-topic.ts';
import { openContents, type OpeningParts } from './open-contents.ts';
import { PatientAliases } from './patient-aliases.ts';
import { offsetsFrom, type StartPlace } from './start-place.ts';
import { tailedEvent, type TailedEvent } from './tailed-event.ts';

export interface Tailing {
  readonly product: DataProduct;
  readonly from: StartPlace;
  readonly untilEnd: boolean;
  /** Events to show at most. */
  readonly limit?: number | undefined;
  /** Names of events; all where none is given. */
  readonly types: readonly string[];
  /** Of the consumer as which the sealed parts are to be opened; without it they stay sealed. */
  readonly keys?: OpeningParts['keys'] | undefined;
  readonly signal: AbortSignal;
  readonly show: (event: TailedEvent) => void;
  /** Said once each time that the log goes away while more is waited for. */
  readonly onAway?: () => void;
}

/** Shows the events of a product as they lie in the log, until all that was asked for is shown or the signal comes. */
export async function tailProduct(
  { log, wire }: { readonly log: EventLog; readonly wire: WireFormat },
  tailing: Tailing,
): Promise<void> {
  const { product, untilEnd, limit = Infinity, types, keys, signal, show } = tailing;
  const aliases = new PatientAliases();
  let shown = 0;
  let isAway = false;
  const take = async (records: readonly LoggedRecord[]) => {
    isAway = false;
    const decoded = (await decodeRecords(wire, records))
      .filter(({ event }) => types.length === 0 || types.includes(event?.type.name ?? ''))
      .slice(0, limit - shown);
    const openings = keys && (await openContents({ wire, product, keys }, decoded));
    decoded.forEach((one, at) => show(tailedEvent(one, openings?.[at], aliases)));
    shown += decoded.length;
    return shown >= limit ? 'enough' : 'more';
  };
  const onAway = (): void => {
    if (!isAway) tailing.onAway?.();
    isAway = true;
  };
  const from = await offsetsFrom(log, product, tailing.from);
  await readTopic(log, { topic: product.topic, from, untilEnd, signal, take, onAway });
}
