import {
  eventType,
  sealedType,
  type AvroSchema,
  type DataProduct,
  type EventType,
} from '@samspill/contracts';

const withLaterField = (schema: AvroSchema): AvroSchema => {
  const record = schema as { fields: object[] };
  const later = { name: 'later', type: ['null', 'string'], default: null };
  return { ...record, fields: [...record.fields, later] } as unknown as AvroSchema;
};

/** The product as a later release has it: one event, clear and sealed, with an optional field more. */
export function laterVersionOf(product: DataProduct, eventName: string): DataProduct {
  const event = product.events[eventName];
  if (event?.sealed === undefined) throw new Error(`${eventName} seals nothing`);
  const { sealed } = event;
  const later: EventType = eventType(
    { product: product.name, topic: product.topic },
    event.fullName,
    withLaterField(event.schema),
    sealedType(product.topic, sealed.fullName, withLaterField(sealed.schema)),
  );
  return { ...product, events: { ...product.events, [eventName]: later } };
}
