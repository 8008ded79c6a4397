import { consumerGroupClass, kafkajsErrors, type ConsumerGroup } from './consumer-group.ts';

let patched = false;

/**
 * Keeps the membership of a consumer through the loss of its coordinator and a clock that is set back, which kafkajs 2.2.4
 * does not.
 */
export function patchMembership(): void {
  if (patched) return;
  patched = true;
  keepMemberId();
  findCoordinatorAnew();
}

/**
 * kafkajs restarts a consumer after some seconds without brokers and then joins as a new member; the coordinator waits
 * for the old one until its session is over, and the whole group stands for that long (45 s). Here it comes back as the
 * member it was. One that has left in good order, or that the coordinator no longer knows, joins as a new one as before.
 */
function keepMemberId(): void {
  // One cluster object belongs to one consumer and lives through its restarts.
  const memberIds = new WeakMap<object, string>();
  const { prototype } = consumerGroupClass;
  const { connect, joinAndSync, leave } = prototype;
  prototype.connect = async function () {
    await connect.call(this);
    this.memberId ??= memberIds.get(this.cluster) ?? null;
  };
  prototype.joinAndSync = async function () {
    await joinAndSync.call(this);
    if (this.memberId !== null) memberIds.set(this.cluster, this.memberId);
  };
  prototype.leave = async function () {
    await leave.call(this);
    memberIds.delete(this.cluster);
  };
}

/**
 * A heartbeat that finds no coordinator stops kafkajs from fetching, also from brokers that answer, and is tried again
 * with the same broker only. Here reading goes on, whoever leads the partitions; the coordinator is looked up, and once
 * it is another one the consumer joins there. Whether the membership survives is for the session to decide.
 * And with a clock that was set back by minutes, none would be sent for so long.
 */
function findCoordinatorAnew(): void {
  const { prototype } = consumerGroupClass;
  const { heartbeat } = prototype;
  prototype.heartbeat = async function (options) {
    this.lastRequest = Math.min(this.lastRequest, Date.now());
    try {
      await heartbeat.call(this, options);
    } catch (error) {
      if (!(error instanceof kafkajsErrors.KafkaJSConnectionError)) throw error;
      // Not before the next interval again, so that fetches have their turn.
      this.lastRequest = Date.now();
      if (await hasMoved(this)) throw notCoordinator();
    }
  };
}

async function hasMoved({ cluster, groupId, coordinator }: ConsumerGroup): Promise<boolean> {
  const found = await cluster.findGroupCoordinator({ groupId }).catch(() => undefined);
  return found !== undefined && found.nodeId !== coordinator.nodeId;
}

/** What kafkajs answers with a join. */
const notCoordinator = (): Error =>
  new kafkajsErrors.KafkaJSProtocolError({
    type: 'NOT_COORDINATOR_FOR_GROUP',
    code: 16,
    message: 'the coordinator of the group has moved',
    retriable: true,
  });
