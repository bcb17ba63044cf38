'use strict';

// Called with the changes of the orders table, a batch at a time.  What fails is
// reported by its sequence number, so that only it and what follows comes again.
exports.onOrder = async (event) => {
  const failures = [];
  for (const record of event.Records) {
    try {
      describe(record);
    } catch (error) {
      console.error(JSON.stringify({ failed: record.eventID, reason: error.message }));
      failures.push({ itemIdentifier: record.dynamodb.SequenceNumber });
    }
  }
  return { batchItemFailures: failures };
};

function describe(record) {
  const keys = record.dynamodb.Keys;
  if (!keys || !keys.orderId) throw new Error('a record without an orderId');
  console.log(JSON.stringify({ order: keys.orderId.S, change: record.eventName }));
}
