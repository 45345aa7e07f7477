package zmq

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
)

// listen binds a listener to an endpoint as libzmq writes it.
func listen(endpoint string) (net.Listener, error) {
	transport, address, _ := strings.Cut(endpoint, "://")
	switch transport {
	case "tcp":
		address, err := tcpAddress(address)
		if err != nil {
			return nil, err
		}
		return net.Listen("tcp", address)
	case "ipc":
		return listenIPC(address)
	}
	return nil, errors.New("want tcp://host:port or ipc://path")
}

// tcpAddress makes of host:port what package net wants. libzmq takes "*" for
// every interface, and IPv6 addresses without brackets.
func tcpAddress(address string) (string, error) {
	i := strings.LastIndexByte(address, ':')
	if i < 0 {
		return "", errors.New("no port")
	}
	host, port := address[:i], address[i+1:]
	if host == "*" {
		host = ""
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), port), nil
}

// listenIPC listens on a file that only its owner may open, also in the moment
// of its making where the system allows it.
func listenIPC(path string) (net.Listener, error) {
	if path == "" {
		return nil, errors.New("no path")
	}
	if longest := len(syscall.RawSockaddrUnix{}.Path) - 1; len(path) > longest {
		return nil, fmt.Errorf("path is longer than %d bytes", longest)
	}
	abstract := path[0] == '@'
	if !abstract {
		if err := removeStale(path); err != nil {
			return nil, err
		}
	}
	config := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(makePrivate)
	}}
	l, err := config.Listen(context.Background(), "unix", path)
	if err != nil || abstract {
		return l, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// removeStale removes the socket file of a process that has ended without
// closing it. It leaves alone what is not a socket, or has a process listening.
func removeStale(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("%s exists and is not a socket", path)
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		conn.Close()
		return syscall.EADDRINUSE
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return err
	}
	return os.Remove(path)
}
