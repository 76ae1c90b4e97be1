package journal

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
)

// A record is: the length of its payload in 4 bytes, the CRC-32C of those and of the payload in 4 bytes, the payload. Numbers are little-endian.
const (
	headerSize = 8
	// maxPayload is the largest payload, in bytes: more than the largest call can have.
	maxPayload = 64 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errDamaged says that something is no record.
var errDamaged = errors.New("not a whole record")

// newRecord returns the start of a record, to which its payload can be appended.
func newRecord() []byte { return make([]byte, headerSize, 512) }

// seal completes a record.
func seal(record []byte) {
	binary.LittleEndian.PutUint32(record, uint32(len(record)-headerSize))
	binary.LittleEndian.PutUint32(record[4:], checksum(record))
}

func checksum(record []byte) uint32 {
	return crc32.Update(crc32.Checksum(record[:4], castagnoli), castagnoli, record[headerSize:])
}

// readRecords calls apply with the payloads of the records at the start of data, and returns how many bytes these records have. The rest, if there
// is any, is not a whole record. An error is one of apply.
func readRecords(data []byte, apply func(payload []byte) error) (whole int, err error) {
	for {
		rest := data[whole:]
		if len(rest) < headerSize {
			return whole, nil
		}
		size := binary.LittleEndian.Uint32(rest)
		if size == 0 || size > maxPayload || int64(len(rest)) < headerSize+int64(size) {
			return whole, nil
		}
		record := rest[:headerSize+size]
		if binary.LittleEndian.Uint32(record[4:]) != checksum(record) {
			return whole, nil
		}
		if err := apply(record[headerSize:]); err != nil {
			return whole, err
		}
		whole += len(record)
	}
}

// encode returns a record of the state of entities: for each, the length of its key, the key, the length of its JSON plus 1, and the JSON. An entity that
// no longer exists has the length 0. The lengths are varints.
func encode(entities []Entity) ([]byte, error) {
	record := newRecord()
	for _, e := range entities {
		key := e.Key()
		record = binary.AppendUvarint(record, uint64(len(key)))
		record = append(record, key...)
		state := e.Record()
		if state == nil {
			record = binary.AppendUvarint(record, 0)
			continue
		}
		text, err := json.Marshal(state)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", key, err)
		}
		record = binary.AppendUvarint(record, uint64(len(text))+1)
		record = append(record, text...)
	}
	if len(record)-headerSize > maxPayload {
		return nil, fmt.Errorf("a record of %d bytes is too large", len(record))
	}
	seal(record)
	return record, nil
}

// decode calls set with the keys and the JSON of a payload, which is nil for an entity that no longer exists.
func decode(payload []byte, set func(key string, state []byte)) error {
	for len(payload) > 0 {
		key, rest, ok := cut(payload, 0)
		if !ok {
			return errDamaged
		}
		size, n := binary.Uvarint(rest)
		if n <= 0 {
			return errDamaged
		}
		if size == 0 {
			set(string(key), nil)
			payload = rest[n:]
			continue
		}
		state, rest, ok := cut(rest, 1)
		if !ok {
			return errDamaged
		}
		set(string(key), state)
		payload = rest
	}
	return nil
}

// cut splits off what a varint gives the length of, plus extra.
func cut(data []byte, extra uint64) (part, rest []byte, ok bool) {
	size, n := binary.Uvarint(data)
	if n <= 0 || size-extra > uint64(len(data)-n) {
		return nil, nil, false
	}
	end := n + int(size-extra)
	return data[n:end:end], data[end:], true
}
