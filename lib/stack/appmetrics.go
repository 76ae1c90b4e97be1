package stack

// AppMetrics says which metrics the storage function writes for each app. Each metric of each app is a custom metric of CloudWatch, at $0.30 a
// month, prorated by the hours in which it is written. https://aws.amazon.com/cloudwatch/pricing/
type AppMetrics string

// The values of AppMetrics.
const (
	AppMetricsNone   AppMetrics = "none"
	AppMetricsErrors AppMetrics = "errors" // 2 metrics: MetricResponses5xx, MetricHerokuErrors
	AppMetricsAll    AppMetrics = "all"    // 6 metrics
)

// Count returns how many metrics an app has; false if the value is not one of the above.
func (m AppMetrics) Count() (metrics int, known bool) {
	metrics, known = map[AppMetrics]int{AppMetricsNone: 0, AppMetricsErrors: 2, AppMetricsAll: 6}[m]
	return metrics, known
}
