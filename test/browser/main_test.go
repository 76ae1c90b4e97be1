// Package browser_test tests the console's page in a real browser: Chromium, without a window. Where no Chromium is installed, its tests are
// skipped, and say so with -v.
package browser_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browsers are the names of programs that speak the DevTools protocol, Debian's first.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

// startLimit is how long the browser may take to start on a busy machine.
const startLimit = 2 * time.Minute

// browser is the context of the one browser of all tests; nil if none is installed. Each test has a tab of its own.
var browser context.Context

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	path := browserPath()
	if path == "" {
		return m.Run()
	}
	ctx, stop := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(
		chromedp.ExecPath(path), chromedp.WSURLReadTimeout(startLimit),
		chromedp.NoSandbox, // it only opens the page, and the sandbox does not work as root or in many containers
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("font-render-hinting", "none"), // the same pictures on all machines with the same fonts
	))
	defer stop()
	if err := chromedp.Do(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "start %s: %v\n", path, err)
		return 1
	}
	browser = ctx
	return m.Run()
}

func browserPath() string {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
