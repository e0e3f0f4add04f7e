// Both services by the npm package "soap". Prints the port, and ends with its standard input.
const http = require("http");
const path = require("path");
const fs = require("fs");
const soap = require(process.argv[2]);

const index = '<html><ul><li><a href="/ws/PRODUCTIONORDER.apw?wsdl">Ordens</a><li><a href="/ws/PURCHASEORDER.apw?wsdl">Compras</a></ul></html>';
const server = http.createServer((request, response) => {
  response.statusCode = request.url.startsWith("/ws/wsindex.apw") ? 200 : 404;
  response.setHeader("Content-Type", "text/html");
  response.end(response.statusCode === 200 ? index : "nothing here");
});
server.listen(0, "127.0.0.1", () => {
  for (const name of ["PRODUCTIONORDER", "PURCHASEORDER"]) {
    const wsdl = fs.readFileSync(path.join(__dirname, "orders.wsdl"), "utf8")
      .replaceAll("NAME", name)
      .replace("PLACE", "127.0.0.1:" + server.address().port);
    const refuse = () => { throw new Error("an operation was called"); };
    soap.listen(server, "/ws/" + name + ".apw", { [name]: { port: { receive: refuse } } }, wsdl);
  }
  console.log(server.address().port);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
