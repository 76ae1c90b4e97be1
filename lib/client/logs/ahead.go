package logs

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// ahead reads the pages of a search, each while the one before is used: two pages are in memory, however many there are. Several searches at a time
// would not be faster for long, because AWS limits an account's calls to 5 to 25 in a second.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
type ahead struct {
	cancel  context.CancelFunc
	stopped chan struct{}
	pages   chan fetched
}

// fetched is a page, or the error of fetching it.
type fetched struct {
	page *cloudwatchlogs.FilterLogEventsOutput
	err  error
}

// readAhead begins to read. The caller must call stop.
func readAhead(ctx context.Context, client cloudwatchlogs.FilterLogEventsAPIClient, in *cloudwatchlogs.FilterLogEventsInput) *ahead {
	ctx, cancel := context.WithCancel(ctx)
	a := &ahead{cancel: cancel, stopped: make(chan struct{}), pages: make(chan fetched)}
	go func() {
		defer close(a.pages)
		pages := cloudwatchlogs.NewFilterLogEventsPaginator(client, in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			select {
			case a.pages <- fetched{page, err}:
			case <-a.stopped:
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return a
}

// next returns the next page, and false after the last one. It calls wait if the page is not there yet.
func (a *ahead) next(wait func()) (f fetched, ok bool) {
	select {
	case f, ok = <-a.pages:
		return f, ok
	default:
	}
	wait()
	f, ok = <-a.pages
	return f, ok
}

// stop ends the reading.
func (a *ahead) stop() {
	a.cancel()
	close(a.stopped)
	for range a.pages { // until the last call has ended
	}
}
