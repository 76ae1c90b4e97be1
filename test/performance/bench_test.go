package main

import (
	"strings"
	"testing"
)

// BenchmarkPaths measures each path in each way. The metric x-usual is the time over that of the usual way.
func BenchmarkPaths(b *testing.B) {
	for _, p := range paths(sizes) {
		b.Run(strings.ReplaceAll(p.String(), " ", "-"), func(b *testing.B) {
			var first float64
			for i, w := range p.ways {
				b.Run(w.name, func(b *testing.B) {
					do, err := w.make()
					if err != nil {
						b.Fatal(err)
					}
					defer w.collect()()
					b.ReportAllocs()
					begin := cpuTime()
					for b.Loop() {
						if err := do(b.Context()); err != nil {
							b.Fatal(err)
						}
					}
					cpu := float64((cpuTime() - begin).Nanoseconds()) / float64(b.N)
					if i == usual {
						first = cpu
					}
					b.ReportMetric(cpu/float64(p.lines), "cpu-ns/line")
					b.ReportMetric(cpu/first, "x-usual")
				})
			}
		})
	}
}
