'use strict';

// Called once a day by the schedule.
exports.dailyReport = async () => {
  console.log(JSON.stringify({ report: new Date().toISOString().slice(0, 10), stage: process.env.EFF_STAGE }));
};
