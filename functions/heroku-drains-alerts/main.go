// Command heroku-drains-alerts is the Lambda function that tells people what log lines matched the alert rules, and serves the API's routes about
// alerts. See lib/lambda/alerting.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"heroku-drains/lib/lambda/alertsfunction"
	"heroku-drains/lib/lambda/memory"
)

func main() {
	memory.Tune()
	log := lambdacontext.NewLogger()
	handler, err := alertsfunction.FromEnvironment(context.Background(), os.Environ(), log, os.Stdout)
	if err != nil {
		log.Error("cannot start", "error", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}
