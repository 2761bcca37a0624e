/** A bare `node:http` server that answers with the bytes it was given: package 2 to what names no session, else package 4. */
import { createServer } from 'node:http';

const [package2, package4, type] = process.argv.slice(2);
const answers = [package2, package4].map(text => Buffer.from(text, 'base64'));

const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
  request.on('data', () => {});
  request.on('end', () => {
    const body = answers[request.url.includes('?') ? 1 : 0];
    response.writeHead(200, { 'content-type': type, 'content-length': body.length, 'cache-control': 'no-store' });
    response.end(body);
  });
});
// Nobody is left without the bench.
process.on('disconnect', () => process.exit());
process.on('message', () => {
  server.closeAllConnections();
  server.close(() => process.disconnect());
});
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}/dm` }));
