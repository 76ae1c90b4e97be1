package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"time"
)

// oldKey is Secrets Manager with a signing key that is a day old. The embedded AWS has just made its own: with such a one, the drains function reads both
// versions again, to be sure of the previous one.
type oldKey struct {
	server *http.Server
	addr   string
	proxy  httputil.ReverseProxy
}

var createdDate = regexp.MustCompile(`"CreatedDate":[0-9.e+]+`)

func newOldKey() (*oldKey, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	k := &oldKey{addr: l.Addr().String()}
	k.proxy.ModifyResponse = age
	k.server = &http.Server{Handler: &k.proxy}
	go k.server.Serve(l) // until it is closed
	return k, nil
}

// before makes it stand before an AWS, which it must before the first call.
func (k *oldKey) before(aws string) error {
	target, err := url.Parse(aws)
	if err != nil {
		return err
	}
	k.proxy.Rewrite = func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // is part of the signature
	}
	return nil
}

// age makes what an answer describes a day older.
func age(r *http.Response) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	day := fmt.Appendf(nil, `"CreatedDate":%d`, time.Now().Add(-24*time.Hour).Unix())
	body = createdDate.ReplaceAll(body, day)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// wrap writes a program that runs a function's binary, which then reads the key from here.
func (k *oldKey) wrap(file, binary string) error {
	script := fmt.Sprintf("#!/bin/sh\nAWS_ENDPOINT_URL_SECRETS_MANAGER=http://%s exec %q\n", k.addr, binary)
	return os.WriteFile(file, []byte(script), 0o755)
}
