/**
 * SQL condition: the row of table `measurement` with this alias is the version that holds, by the order of the log. OFFSET 0
 * keeps it a look-up for each row that is asked about. As a join PostgreSQL reads all rows of the patient first, which it
 * takes for few as most patients have: 44 ms instead of 3 for the latest 800 of 5,000.
 */
export const isInForce = (row: string): string => `NOT EXISTS (
    SELECT FROM measurement newer
     WHERE newer.patient = ${row}.patient AND newer.measurement_id = ${row}.measurement_id
       AND newer.src_offset > ${row}.src_offset
    OFFSET 0)`;
