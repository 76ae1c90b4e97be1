// Command heroku-drains-storage is the Lambda function that stores the messages of the drains' queues in CloudWatch Logs. See
// lib/lambda/storage.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"heroku-drains/lib/lambda/memory"
	"heroku-drains/lib/lambda/storagefunction"
)

func main() {
	memory.Tune()
	log := lambdacontext.NewLogger()
	handler, err := storagefunction.FromEnvironment(context.Background(), os.Environ(), log, os.Stdout)
	if err != nil {
		log.Error("cannot start", "error", err)
		os.Exit(1)
	}
	lambda.Start(handler)
}
