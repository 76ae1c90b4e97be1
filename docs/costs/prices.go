// Package costs computes the tables of docs/costs.md from AWS's list prices and from what the stack does with a POST.
package costs

// region is where the stack runs.
type region int

const (
	usEast1 region = iota
	euWest1
)

func (r region) String() string { return [...]string{"us-east-1", "eu-west-1"}[r] }

// price is a list price of AWS for the first paid tier.
type price struct {
	what   string
	unit   string
	in     [2]float64 // US dollars, by region
	source string     // a web page, or the service in AWS's price list
	date   string     // when it was read
	doubt  string     // what could not be verified
}

const (
	priceList = "AWS price list, "
	sameInEU  = "eu-west-1 is assumed to be the same"
	vendor    = "read in a vendor's page that cites it; "
	dynamoDB  = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
	halved    = vendor + "eu-west-1 is assumed to be half of the price before November 2024, as in us-east-1"
)

// AWS's price list is at https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html.
var (
	httpAPI = price{what: "API Gateway, HTTP API", unit: "million requests of 512 KB", in: [2]float64{1.00, 1.11},
		source: priceList + "AmazonApiGateway", date: "2026-07-24"}
	restAPI = price{what: "API Gateway, REST API", unit: "million requests", in: [2]float64{3.50, 3.50},
		source: "https://aws.amazon.com/api-gateway/pricing/", date: "2026-09-20", doubt: sameInEU}
	lambdaRequests = price{what: "Lambda, requests", unit: "million", in: [2]float64{0.20, 0.20},
		source: priceList + "AWSLambda", date: "2026-07-17"}
	lambdaTime = price{what: "Lambda, arm64 time", unit: "GB-second", in: [2]float64{0.0000133334, 0.0000133334},
		source: "https://aws.amazon.com/lambda/pricing/", date: "2026-06", doubt: sameInEU}
	sqsRequests = price{what: "SQS, standard queue", unit: "million requests of 64 KB", in: [2]float64{0.40, 0.40},
		source: "https://aws.amazon.com/sqs/pricing/", date: "2026-06-13", doubt: sameInEU}
	logsStandard = price{what: "CloudWatch Logs, ingest, Standard", unit: "GB", in: [2]float64{0.50, 0.57},
		source: priceList + "AmazonCloudWatch", date: "2026-08-06"}
	logsInfrequent = price{what: "CloudWatch Logs, ingest, Infrequent Access", unit: "GB", in: [2]float64{0.25, 0.285},
		source: priceList + "AmazonCloudWatch", date: "2026-08-09", doubt: "eu-west-1 is assumed to be half of Standard, as in us-east-1"}
	logsScanned = price{what: "CloudWatch Logs Insights, data scanned", unit: "GB", in: [2]float64{0.005, 0.005},
		source: "https://aws.amazon.com/cloudwatch/pricing/", date: "2026-11", doubt: "as commonly quoted, not read in the price list; " + sameInEU}
	logsStored = price{what: "CloudWatch Logs, storage", unit: "GB-month (compressed)", in: [2]float64{0.03, 0.03},
		source: "https://aws.amazon.com/cloudwatch/pricing/", date: "2026-07-31", doubt: sameInEU}
	alarm = price{what: "CloudWatch alarm, standard resolution", unit: "metric-month", in: [2]float64{0.10, 0.10},
		source: "https://aws.amazon.com/cloudwatch/pricing/", date: "2026-06-13", doubt: sameInEU}
	customMetric = price{what: "CloudWatch custom metric", unit: "metric-month", in: [2]float64{0.30, 0.30},
		source: "https://aws.amazon.com/cloudwatch/pricing/", date: "2026-06-13", doubt: sameInEU}
	metricData = price{what: "CloudWatch, GetMetricData", unit: "1,000 metrics requested", in: [2]float64{0.01, 0.01},
		source: "https://aws.amazon.com/cloudwatch/pricing/", date: "2026-11-28", doubt: vendor + sameInEU}
	dashboard = price{what: "CloudWatch dashboard", unit: "dashboard-month", in: [2]float64{3, 3},
		source: "https://aws.amazon.com/cloudwatch/pricing/", date: "2026-06-13", doubt: sameInEU}
	secret = price{what: "Secrets Manager, secret", unit: "secret-month", in: [2]float64{0.40, 0.40},
		source: "https://aws.amazon.com/secrets-manager/pricing/", date: "2026-09-20", doubt: sameInEU}
	secretCalls = price{what: "Secrets Manager, calls", unit: "10,000 calls", in: [2]float64{0.05, 0.05},
		source: "https://aws.amazon.com/secrets-manager/pricing/", date: "2026-09-20", doubt: sameInEU}
	writeUnits = price{what: "DynamoDB on demand, writes", unit: "million units of 1 KB", in: [2]float64{0.625, 0.70675},
		source: dynamoDB, date: "2025-07-21", doubt: halved}
	readUnits = price{what: "DynamoDB on demand, consistent reads", unit: "million units of 4 KB", in: [2]float64{0.125, 0.1415},
		source: dynamoDB, date: "2025-07-21", doubt: halved}
	published = price{what: "SNS, requests", unit: "million", in: [2]float64{0.50, 0.50},
		source: "https://aws.amazon.com/sns/pricing/", date: "2026-06-13", doubt: vendor + sameInEU}
	emails = price{what: "SNS, email", unit: "100,000 emails", in: [2]float64{2.00, 2.00},
		source: "https://aws.amazon.com/sns/pricing/", date: "2026-06-13", doubt: vendor + sameInEU}
)

// prices are all prices, in the order of the page.
var prices = []price{
	httpAPI, restAPI, lambdaRequests, lambdaTime, sqsRequests, logsStandard, logsInfrequent, logsScanned, logsStored,
	alarm, customMetric, metricData, dashboard, secret, secretCalls, writeUnits, readUnits, published, emails,
}
