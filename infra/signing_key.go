package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"
)

// newSigningKey is the key from which the drains' passwords are derived. It is generated once; a new value turns every
// drain away at Heroku, so it is changed by rotation only and outlives the stack by default.
func newSigningKey(stack awscdk.Stack, s settings) awssecretsmanager.Secret {
	return awssecretsmanager.NewSecret(stack, jsii.String("SigningKey"), &awssecretsmanager.SecretProps{
		Description: jsii.String("Signs the passwords of the Heroku drains"),
		GenerateSecretString: &awssecretsmanager.SecretStringGenerator{
			// 64 letters and digits are 380 bits, more than the 256 that HMAC-SHA-256 makes use of.
			PasswordLength:     jsii.Number(64),
			ExcludePunctuation: jsii.Bool(true),
		},
		RemovalPolicy: s.removalPolicy,
	})
}
