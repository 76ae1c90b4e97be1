package trace

// ReadRequest is readRequest, for fuzzing.
var ReadRequest = readRequest

// ReadRelease is readRelease, for fuzzing.
var ReadRelease = readRelease
