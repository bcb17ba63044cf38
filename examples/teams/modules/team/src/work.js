exports.run = async (event) => {
	for (const record of event.Records)
		console.log(process.env.LEVEL, record.messageId);
	return { batchItemFailures: [] };
};
