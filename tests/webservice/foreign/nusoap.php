<?php
// Both services by NuSOAP, which writes their WSDL itself (rpc/encoded), behind PHP's own web server.
error_reporting(0);
$page = basename(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
if ($page === 'wsindex.apw') {
    echo '<html><a href="PRODUCTIONORDER.apw?wsdl">1</a><a href="PURCHASEORDER.apw?wsdl">2</a></html>';
    return true;
}
$name = strtok($page, '.');
if (!in_array($name, ['PRODUCTIONORDER', 'PURCHASEORDER'])) {
    http_response_code(404);
    return true;
}
require_once 'nusoap/nusoap.php';
$endpoint = 'http://' . $_SERVER['HTTP_HOST'] . '/ws/' . $page;
$server = new soap_server();
$server->configureWSDL(ucfirst(strtolower($name)), "urn:$name", $endpoint);
$server->register('receive', ['message' => 'xsd:string'], ['answer' => 'xsd:string'], "urn:$name");
// PHP 8 takes no null where NuSOAP has none of these.
foreach ($server->wsdl->schemas as $schemas) {
    foreach ($schemas as $schema) {
        $schema->enclosingNamespaces ??= [];
    }
}
function receive($message) { return new soap_fault('Server', '', 'an operation was called'); }
$server->service(file_get_contents('php://input'));
return true;
