/** SQL condition: the row of table `measurement` with this alias is the version that holds, by the order of the log. */
export const isInForce = (row: string): string => `NOT EXISTS (
    SELECT FROM measurement newer
     WHERE newer.patient = ${row}.patient AND newer.measurement_id = ${row}.measurement_id
       AND newer.src_offset > ${row}.src_offset)`;
