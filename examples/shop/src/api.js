'use strict';

const { randomUUID } = require('node:crypto');

const DAY_S = 24 * 60 * 60;
const KEEP_DAYS = 90;

// The runtime brings these clients along; they are loaded when first needed.
let clients;
function aws() {
  if (!clients) {
    const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
    const { SQSClient } = require('@aws-sdk/client-sqs');
    clients = { table: new DynamoDBClient({}), queue: new SQSClient({}) };
  }
  return clients;
}

function answer(statusCode, body) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function create(event) {
  const { PutItemCommand } = require('@aws-sdk/client-dynamodb');
  const { SendMessageCommand } = require('@aws-sdk/client-sqs');
  const order = JSON.parse(event.body || '{}');
  if (!order.customerId || !(order.amount > 0)) return answer(400, { error: 'customerId and amount' });
  const now = new Date();
  const orderId = randomUUID();
  await aws().table.send(new PutItemCommand({
    TableName: process.env.EFF_TABLE_orders,
    Item: {
      orderId: { S: orderId },
      createdAt: { S: now.toISOString() },
      customerId: { S: String(order.customerId) },
      amount: { N: String(order.amount) },
      expiresAt: { N: String(Math.floor(now / 1000) + KEEP_DAYS * DAY_S) },
    },
  }));
  await aws().queue.send(new SendMessageCommand({
    QueueUrl: process.env.EFF_QUEUE_expenses,
    MessageBody: JSON.stringify({ orderId, amount: order.amount }),
  }));
  return answer(201, { orderId });
}

async function list(event) {
  const { QueryCommand } = require('@aws-sdk/client-dynamodb');
  const customerId = (event.queryStringParameters || {}).customerId;
  if (!customerId) return answer(400, { error: 'customerId' });
  const page = await aws().table.send(new QueryCommand({
    TableName: process.env.EFF_TABLE_orders,
    IndexName: 'byCustomer',
    KeyConditionExpression: 'customerId = :c',
    ExpressionAttributeValues: { ':c': { S: customerId } },
    Limit: 100,
  }));
  return answer(200, (page.Items || []).map((item) => item.orderId.S));
}

// Both routes come here: POST /orders makes an order, GET /orders lists a customer's.
exports.createOrder = async (event) =>
  event.requestContext.http.method === 'GET' ? list(event) : create(event);
