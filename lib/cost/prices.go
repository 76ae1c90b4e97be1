// Package cost says what heroku-drains costs: AWS's list prices by Region, the units that AWS bills, and an estimate of how many of them a month
// needs. docs/costs.md has the tables that are computed with it.
package cost

// Price is a list price of AWS, for the first paid tier, in US dollars.
type Price struct {
	What    string
	Per     string  // what Dollars pay for, in words
	Units   float64 // how many units that are, as Usage counts them
	Dollars float64
	Source  string // a web page, or the service in AWS's price list
	Date    string // when it was read
	Doubt   string // what could not be verified
}

// of returns what a number of units costs, in dollars.
func (p *Price) of(units float64) float64 { return units / p.Units * p.Dollars }

// Prices are the list prices of a Region.
type Prices struct {
	Region string

	HTTPAPI, RESTAPI                                    Price
	LambdaRequests, LambdaTime                          Price
	SQSRequests                                         Price
	LogsStandard, LogsInfrequent, LogsScanned, LogsKept Price
	Alarm, CustomMetric, MetricData, Dashboard          Price
	Secret, SecretCalls                                 Price
	WriteUnits, ReadUnits                               Price
	Published, Emails                                   Price
}

// The Regions that have a price table.
const (
	USEast1 = "us-east-1"
	EUWest1 = "eu-west-1"
)

// In returns the prices of a Region. Without a table for it, known is false and the prices are those of us-east-1, for an estimate.
func In(region string) (p *Prices, known bool) {
	switch region {
	case USEast1:
		return usEast1(), true
	case EUWest1:
		return euWest1(), true
	}
	return usEast1(), false
}

// All returns the prices in the order of the page.
func (p *Prices) All() []*Price {
	return []*Price{
		&p.HTTPAPI, &p.RESTAPI, &p.LambdaRequests, &p.LambdaTime, &p.SQSRequests, &p.LogsStandard, &p.LogsInfrequent, &p.LogsScanned, &p.LogsKept,
		&p.Alarm, &p.CustomMetric, &p.MetricData, &p.Dashboard, &p.Secret, &p.SecretCalls, &p.WriteUnits, &p.ReadUnits, &p.Published, &p.Emails,
	}
}

// Dates returns when the oldest and the latest of the prices were read: a day, or a month.
func (p *Prices) Dates() (from, to string) {
	for _, price := range p.All() {
		if from == "" || price.Date < from {
			from = price.Date
		}
		to = max(to, price.Date)
	}
	return from, to
}

const (
	million  = 1_000_000
	gigabyte = 1_000_000_000

	priceList  = "AWS price list, "
	cloudWatch = "https://aws.amazon.com/cloudwatch/pricing/"
	dynamoDB   = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
	vendor     = "read in a vendor's page that cites it"
)

// usEast1 returns the prices of us-east-1.
// AWS's price list is at https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html.
func usEast1() *Prices {
	return &Prices{
		Region: USEast1,
		HTTPAPI: Price{What: "API Gateway, HTTP API", Per: "million requests of 512 KB", Units: million, Dollars: 1.00,
			Source: priceList + "AmazonApiGateway", Date: "2026-07-24"},
		RESTAPI: Price{What: "API Gateway, REST API", Per: "million requests", Units: million, Dollars: 3.50,
			Source: "https://aws.amazon.com/api-gateway/pricing/", Date: "2026-09-20"},
		LambdaRequests: Price{What: "Lambda, requests", Per: "million", Units: million, Dollars: 0.20,
			Source: priceList + "AWSLambda", Date: "2026-07-17"},
		LambdaTime: Price{What: "Lambda, arm64 time", Per: "GB-second", Units: 1, Dollars: 0.0000133334,
			Source: "https://aws.amazon.com/lambda/pricing/", Date: "2026-06"},
		SQSRequests: Price{What: "SQS, standard queue", Per: "million requests of 64 KB", Units: million, Dollars: 0.40,
			Source: "https://aws.amazon.com/sqs/pricing/", Date: "2026-06-13"},
		LogsStandard: Price{What: "CloudWatch Logs, ingest, Standard", Per: "GB", Units: gigabyte, Dollars: 0.50,
			Source: priceList + "AmazonCloudWatch", Date: "2026-08-06"},
		LogsInfrequent: Price{What: "CloudWatch Logs, ingest, Infrequent Access", Per: "GB", Units: gigabyte, Dollars: 0.25,
			Source: priceList + "AmazonCloudWatch", Date: "2026-08-09"},
		LogsScanned: Price{What: "CloudWatch Logs Insights, data scanned", Per: "GB", Units: gigabyte, Dollars: 0.005,
			Source: cloudWatch, Date: "2026-11", Doubt: "as commonly quoted, not read in the price list"},
		LogsKept: Price{What: "CloudWatch Logs, storage", Per: "GB-month (compressed)", Units: gigabyte, Dollars: 0.03,
			Source: cloudWatch, Date: "2026-07-31"},
		Alarm: Price{What: "CloudWatch alarm, standard resolution", Per: "metric-month", Units: 1, Dollars: 0.10,
			Source: cloudWatch, Date: "2026-06-13"},
		CustomMetric: Price{What: "CloudWatch custom metric", Per: "metric-month", Units: 1, Dollars: 0.30,
			Source: cloudWatch, Date: "2026-06-13"},
		MetricData: Price{What: "CloudWatch, GetMetricData", Per: "1,000 metrics requested", Units: 1000, Dollars: 0.01,
			Source: cloudWatch, Date: "2026-11-28", Doubt: vendor},
		Dashboard: Price{What: "CloudWatch dashboard", Per: "dashboard-month", Units: 1, Dollars: 3,
			Source: cloudWatch, Date: "2026-06-13"},
		Secret: Price{What: "Secrets Manager, secret", Per: "secret-month", Units: 1, Dollars: 0.40,
			Source: "https://aws.amazon.com/secrets-manager/pricing/", Date: "2026-09-20"},
		SecretCalls: Price{What: "Secrets Manager, calls", Per: "10,000 calls", Units: 10_000, Dollars: 0.05,
			Source: "https://aws.amazon.com/secrets-manager/pricing/", Date: "2026-09-20"},
		WriteUnits: Price{What: "DynamoDB on demand, writes", Per: "million units of 1 KB", Units: million, Dollars: 0.625,
			Source: dynamoDB, Date: "2025-07-21", Doubt: vendor},
		ReadUnits: Price{What: "DynamoDB on demand, consistent reads", Per: "million units of 4 KB", Units: million, Dollars: 0.125,
			Source: dynamoDB, Date: "2025-07-21", Doubt: vendor},
		Published: Price{What: "SNS, requests", Per: "million", Units: million, Dollars: 0.50,
			Source: "https://aws.amazon.com/sns/pricing/", Date: "2026-06-13", Doubt: vendor},
		Emails: Price{What: "SNS, email", Per: "100,000 emails", Units: 100_000, Dollars: 2.00,
			Source: "https://aws.amazon.com/sns/pricing/", Date: "2026-06-13", Doubt: vendor},
	}
}

// euWest1 returns the prices of eu-west-1: those that are known to be the same as in us-east-1, those that differ, and those that are assumed.
func euWest1() *Prices {
	const (
		same      = EUWest1 + " is assumed to be the same"
		halfOf    = EUWest1 + " is assumed to be half of Standard, as in us-east-1"
		halfOfOld = EUWest1 + " is assumed to be half of the price before November 2024, as in us-east-1"
	)
	p := usEast1()
	p.Region = EUWest1
	p.HTTPAPI.Dollars = 1.11
	p.LogsStandard.Dollars = 0.57
	p.LogsInfrequent.change(0.285, halfOf)
	p.WriteUnits.change(0.70675, halfOfOld)
	p.ReadUnits.change(0.1415, halfOfOld)
	for _, price := range []*Price{
		&p.RESTAPI, &p.LambdaTime, &p.SQSRequests, &p.LogsScanned, &p.LogsKept, &p.Alarm, &p.CustomMetric, &p.MetricData, &p.Dashboard,
		&p.Secret, &p.SecretCalls, &p.Published, &p.Emails,
	} {
		price.change(price.Dollars, same)
	}
	return p
}

// change sets the dollars, and adds a doubt to its own.
func (p *Price) change(dollars float64, doubt string) {
	p.Dollars = dollars
	if p.Doubt != "" {
		doubt = p.Doubt + "; " + doubt
	}
	p.Doubt = doubt
}
