package envelope

import (
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// maxDecompressed is the limit for a decompressed body in bytes, so that no message can use up the memory of a small function. Seal's parts
// are smaller.
const maxDecompressed = 1 << 20

// Coders are pooled because creating one takes longer than coding most bodies. Each codes one body at a time, and is configured to use little
// memory at the cost of a slightly worse ratio: the window, which limits how far back repetitions are found, is twice the usual body of 100
// KB.
var (
	encoders = sync.Pool{New: func() any {
		encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true),
			zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(256<<10))
		if err != nil {
			panic(err) // fails only with invalid options
		}
		return encoder
	}}
	decoders = sync.Pool{New: func() any {
		decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxMemory(maxDecompressed))
		if err != nil {
			panic(err)
		}
		return &unpacker{decoder: decoder}
	}}
)

func compress(body []byte) []byte {
	encoder := encoders.Get().(*zstd.Encoder)
	defer encoders.Put(encoder)
	return encoder.EncodeAll(body, nil)
}

// unpacker decompresses one body at a time.
type unpacker struct {
	decoder *zstd.Decoder
	packed  []byte // memory
}

// decompress decompresses a body in base64 over the memory.
func decompress(memory []byte, text string) ([]byte, error) {
	u := decoders.Get().(*unpacker)
	defer decoders.Put(u)
	packed, err := decodeBase64(u.packed, text)
	if err != nil {
		return nil, err
	}
	u.packed = packed
	body, err := u.decoder.DecodeAll(packed, memory[:0])
	switch {
	case errors.Is(err, zstd.ErrDecoderSizeExceeded), errors.Is(err, zstd.ErrWindowSizeExceeded):
		return nil, fmt.Errorf("the decompressed body exceeds %d bytes: %w", maxDecompressed, err)
	case err != nil:
		return nil, fmt.Errorf("the body is not valid zstd: %w", err)
	}
	return body, nil
}
