package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"heroku-drains/lib/awscall/safeclient"
)

const (
	motoRegion  = "us-east-1"
	motoAccount = "123456789012"
)

// startMoto starts moto_server, a fake AWS of another project, and returns its configuration. It skips the test if moto_server is not installed.
func startMoto(t *testing.T) aws.Config {
	t.Helper()
	if _, err := exec.LookPath("moto_server"); err != nil {
		t.Skip("SKIPPED: moto_server is not in PATH (pip install 'moto[server]==5.2.1')")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	// The shell stops moto_server at the end of its own input, so that it does not outlive a test that is killed.
	shell := exec.Command("sh", "-c", `moto_server -H 127.0.0.1 -p "$1" >/dev/null 2>&1 & read -r _; kill $!`, "sh", port)
	stdin, err := shell.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = shell.Wait()
	})
	// With this host name, moto recognizes a template's URL as one of its own buckets.
	config := aws.Config{
		Region:       motoRegion,
		BaseEndpoint: aws.String("http://localhost:" + port),
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:   safeclient.New(http.DefaultClient),
	}
	deadline := time.Now().Add(time.Minute)
	for reset(*config.BaseEndpoint) != nil {
		if time.Now().After(deadline) {
			t.Fatal("moto_server does not answer")
		}
	}
	return config
}

// reset empties moto. It fails if moto does not listen.
func reset(endpoint string) error {
	response, err := http.Post(endpoint+"/moto-api/reset", "", nil)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

// query calls a service with AWS's query protocol, for which this module has no client, and decodes its XML answer.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/programming.html
func query(t *testing.T, config aws.Config, service string, form url.Values, into any) {
	t.Helper()
	body := form.Encode()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, *config.BaseEndpoint, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	caller, err := config.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(body))
	hash := hex.EncodeToString(sum[:])
	if err := v4.NewSigner().SignHTTP(t.Context(), caller, request, hash, service, config.Region, time.Now()); err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s\n%s", form.Get("Action"), response.Status, text)
	}
	if err := xml.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}
