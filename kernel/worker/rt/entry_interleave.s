//go:build interleave

// Empty: with it the compiler accepts functions without a body, which package
// runtime and package os of the worker define.
