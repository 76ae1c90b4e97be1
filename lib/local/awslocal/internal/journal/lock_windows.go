package journal

import (
	"errors"
	"os"
	"syscall"
)

// sharingViolation is the error for a file that another process has opened without sharing it.
// https://learn.microsoft.com/windows/win32/debug/system-error-codes--0-499-
const sharingViolation syscall.Errno = 32

// lock opens a file without sharing it, which locks it until unlock is called or this process ends.
func lock(path string) (unlock func() error, err error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	handle, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, sharingViolation) {
		return nil, errLocked
	}
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return func() error { return syscall.CloseHandle(handle) }, nil
}
