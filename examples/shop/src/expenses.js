'use strict';

// Called with messages of the expenses queue.  A message that cannot be read
// goes back alone, and to the dead-letter queue after its third try.
exports.processExpenses = async (event) => {
  const failures = [];
  for (const message of event.Records) {
    try {
      const expense = JSON.parse(message.body);
      if (!(expense.amount > 0)) throw new Error('amount must be above zero');
      console.log(JSON.stringify({ expense: expense.orderId, amount: expense.amount }));
    } catch (error) {
      console.error(JSON.stringify({ failed: message.messageId, reason: error.message }));
      failures.push({ itemIdentifier: message.messageId });
    }
  }
  return { batchItemFailures: failures };
};
