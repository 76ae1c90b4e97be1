package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"heroku-drains/lib/insights"
)

// appsDashboardHours is the time range that the apps' dashboard shows at first. Its queries scan all lines of the range, so it is shorter than that
// of the pipeline's dashboard, which shows metrics.
const appsDashboardHours = 3

// newAppsDashboard declares the dashboard that shows what the apps do. It is not part of the pipeline's, because opening or refreshing it starts a
// query for each widget: people refresh the pipeline's dashboard often, while they repair something.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
func newAppsDashboard(scope awscdk.Stack, s settings, logs awslogs.LogGroup) {
	widgets := insights.Set{StreamPrefix: s.streamPrefix}.Widgets()
	rows := []*[]awscloudwatch.IWidget{{awscloudwatch.NewTextWidget(&awscloudwatch.TextWidgetProps{
		Width: jsii.Number(fullWidth), Height: jsii.Number(2),
		Markdown: jsii.String(fmt.Sprintf("Each time this dashboard is opened or refreshed, it runs %d queries of Logs Insights over all lines in the "+
			"time range, and AWS charges for the data they scan. The same queries, and more, are saved in Logs Insights, in the folder **%s**.",
			len(widgets), s.stackName.Resource())),
	})}}
	for i := 0; i < len(widgets); i += 2 {
		row := []awscloudwatch.IWidget{}
		for _, w := range widgets[i:min(i+2, len(widgets))] {
			row = append(row, queryWidget(w, logs))
		}
		rows = append(rows, &row)
	}
	awscloudwatch.NewDashboard(scope, jsii.String("AppsDashboard"), &awscloudwatch.DashboardProps{
		DashboardName:   jsii.String(s.stackName.Resource() + "-apps"),
		DefaultInterval: awscdk.Duration_Hours(jsii.Number(appsDashboardHours)),
		Widgets:         &rows,
	})
}

// queryWidget returns a widget of half the dashboard's width that shows the results of a query.
func queryWidget(w insights.Widget, logs awslogs.LogGroup) awscloudwatch.IWidget {
	views := map[insights.View]awscloudwatch.LogQueryVisualizationType{
		insights.Table: awscloudwatch.LogQueryVisualizationType_TABLE,
		insights.Lines: awscloudwatch.LogQueryVisualizationType_LINE,
		insights.Stack: awscloudwatch.LogQueryVisualizationType_STACKEDAREA,
	}
	return awscloudwatch.NewLogQueryWidget(&awscloudwatch.LogQueryWidgetProps{
		Title:         jsii.String(w.Title),
		Width:         jsii.Number(halfWidth),
		LogGroupNames: &[]*string{logs.LogGroupName()},
		QueryString:   jsii.String(w.Text),
		View:          views[w.View],
	})
}
