// The Lambda function heroku-drains answers the HTTP API: it manages drains, and takes in what Heroku sends. lib/lambda/httpapi says how.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/caarlos0/env/v11"

	"heroku-drains/lib/lambda/wiring"
)

func main() {
	log := lambdacontext.NewLogger()
	cfg, err := wiring.LoadDrains(env.ToMap(os.Environ()))
	if err != nil {
		log.Error("not started", "error", err)
		os.Exit(1)
	}
	awsConfig, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Error("not started: no AWS configuration", "error", err)
		os.Exit(1)
	}
	lambda.Start(wiring.Drains(cfg, awsConfig, log).Handle)
}
