// Command infra is the CDK app: `cdk synth` and `cdk deploy` run it as cdk.json says, and it writes one stack,
// which holds all that is fixed about heroku-drains. What is per app, the functions make at run time.
package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	os.Exit(run())
}

// run prints an error before it closes jsii, which at times prints a line of its own about how its process ended.
func run() int {
	defer jsii.Close()
	if err := synth(); err != nil {
		fmt.Fprintf(os.Stderr, "heroku-drains: %v\n", err)
		return 1
	}
	return 0
}

// synth reads the settings, and writes the stack to the folder that the CDK CLI asked for.
func synth() error {
	if err := checkNode(); err != nil {
		return err
	}
	app := awscdk.NewApp(nil)
	context, _ := app.Node().GetAllContext(nil).(map[string]any)
	settings, err := parseSettings(context)
	if err != nil {
		return err
	}
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	return writeStack(app, settings, &builder{moduleRoot: root})
}

// writeStack makes the template and the functions' binaries. A function that does not compile is the user's to mend and
// comes back as an error; whatever else CDK panics with is a bug of this program and keeps its stack trace.
func writeStack(app awscdk.App, s settings, b *builder) (err error) {
	defer func() {
		failure := recover()
		if failure != nil && b.failure == nil {
			panic(failure)
		}
		err = b.failure
	}()
	newStack(app, s, b)
	app.Synth(nil)
	return nil
}
