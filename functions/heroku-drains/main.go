// Command heroku-drains is the Lambda function behind the HTTP API: it manages drains, and receives the lines that Heroku sends. See
// lib/lambda/httpapi.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"heroku-drains/lib/lambda/drainsfunction"
	"heroku-drains/lib/lambda/memory"
)

func main() {
	memory.Tune()
	log := lambdacontext.NewLogger()
	handler, err := drainsfunction.FromEnvironment(os.Environ(), log, os.Stdout)
	if err != nil {
		log.Error("cannot start", "error", err)
		os.Exit(1)
	}
	lambda.Start(handler)
}
