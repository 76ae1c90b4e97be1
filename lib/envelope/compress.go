package envelope

import (
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// maxDecompressed is how many bytes a message may grow to, so that none can fill the function's 128 MB. Seal's parts stay below.
const maxDecompressed = 1 << 20

// Coders are kept: making one takes longer than most bodies do. They run one body at a time and are set to a small memory, at the price of
// a slightly worse ratio: the window, how far back repetitions are found, covers a usual body of 100 KB twice.
var (
	encoders = sync.Pool{New: func() any {
		encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true),
			zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(256<<10))
		if err != nil {
			panic(err) // only options out of range are refused
		}
		return encoder
	}}
	decoders = sync.Pool{New: func() any {
		decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxMemory(maxDecompressed))
		if err != nil {
			panic(err)
		}
		return decoder
	}}
)

func compress(body []byte) []byte {
	encoder := encoders.Get().(*zstd.Encoder)
	defer encoders.Put(encoder)
	return encoder.EncodeAll(body, nil)
}

func decompress(packed []byte) ([]byte, error) {
	decoder := decoders.Get().(*zstd.Decoder)
	defer decoders.Put(decoder)
	body, err := decoder.DecodeAll(packed, nil)
	switch {
	case errors.Is(err, zstd.ErrDecoderSizeExceeded), errors.Is(err, zstd.ErrWindowSizeExceeded):
		return nil, fmt.Errorf("the body is larger than %d bytes when decompressed: %w", maxDecompressed, err)
	case err != nil:
		return nil, fmt.Errorf("the body is no zstd: %w", err)
	}
	return body, nil
}
