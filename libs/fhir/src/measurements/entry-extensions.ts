/** Names under which the answer to one measurement carries what FHIR has no element for. */
export const entryExtensions = {
  /** The measurement that it answers, by the fullUrl of its entry. */
  entryId:
    'http://hl7.no/fhir/vkpobservation/StructureDefinition/PmdBundleResponseEntryIdExtension',
  /** What became of it, in one word: a `200` alone does not tell a change from what was held already. */
  outcome: 'urn:samspill:entry-outcome',
  /** Where its event lies in the log, `topic:partition:offset`; once for each event. */
  position: 'urn:samspill:entry-position',
} as const;
