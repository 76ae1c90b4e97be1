package stack

// AccessLogFormat is a line for each request, in the order of the Common Log Format: what shows who asked for what, what the answer was, after how many
// milliseconds, and why the gateway or the function failed. The caller is who manages drains, which CloudTrail does not record. Callers control only
// the path, which contains the app's name. Headers and the query are not logged, so no password is. As JSON, the names of the fields would double
// the price. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
const AccessLogFormat = `$context.identity.sourceIp $context.identity.userArn $context.requestId "$context.httpMethod $context.path" ` +
	`$context.status $context.responseLatency "$context.error.message" "$context.integrationErrorMessage"`
