package comm_test

import (
	"fmt"

	"github.com/interleave-lab/interleave/lib/comm"
)

// listen stands for the front end, which is there in a cell: it prints what it
// is sent.
func listen() (leave func()) {
	previous := comm.SetLink(func(m comm.Message) error {
		fmt.Println(m.Kind, m.Target, string(m.Data))
		return nil
	})
	return func() { comm.SetLink(previous) }
}

// opened is a comm to an extension of the front end.
func opened() *comm.Comm {
	c, err := comm.Open("my.extension", map[string]string{"hello": "there"})
	if err != nil {
		panic(err)
	}
	return c
}

func ExampleOpen() {
	defer listen()()
	c, err := comm.Open("my.extension", map[string]string{"hello": "there"})
	if err != nil {
		panic(err)
	}
	c.Close(nil)
	// Output:
	// comm_open my.extension {"hello":"there"}
	// comm_close  {}
}

func ExampleMetadata() {
	previous := comm.SetLink(func(m comm.Message) error {
		fmt.Println(m.Metadata)
		return nil
	})
	defer func() { comm.SetLink(previous) }()
	c, _ := comm.Open("my.extension", nil, comm.Metadata(map[string]any{"version": "1.0"}))
	comm.SetLink(func(comm.Message) error { return nil })
	c.Close(nil)
	// Output: map[version:1.0]
}

func ExampleBuffers() {
	previous := comm.SetLink(func(m comm.Message) error {
		if m.Kind == comm.Sent {
			fmt.Println(len(m.Buffers), "buffer of", len(m.Buffers[0]), "bytes")
		}
		return nil
	})
	defer func() { comm.SetLink(previous) }()
	c := opened()
	c.Send(map[string]string{"what": "pixels"}, comm.Buffers(make([]byte, 64)))
	c.Close(nil)
	// Output: 1 buffer of 64 bytes
}

func ExampleComm_Send() {
	defer listen()()
	c := opened()
	defer c.Close(nil)
	c.Send(map[string]int{"n": 3})
	// Output:
	// comm_open my.extension {"hello":"there"}
	// comm_msg  {"n":3}
	// comm_close  {}
}

func ExampleComm_Close() {
	defer listen()()
	opened().Close(map[string]string{"because": "done"})
	// Output:
	// comm_open my.extension {"hello":"there"}
	// comm_close  {"because":"done"}
}

func ExampleComm_OnMessage() {
	defer listen()()
	c := opened()
	c.OnMessage(func(m comm.Message) { fmt.Println("heard", string(m.Data)) })
	comm.Deliver(comm.Message{Kind: comm.Sent, ID: c.ID(), Data: []byte(`{"n":3}`)}) // as a front end would
	c.Close(nil)
	// Output:
	// comm_open my.extension {"hello":"there"}
	// heard {"n":3}
	// comm_close  {}
}

func ExampleComm_OnClose() {
	defer listen()()
	c := opened()
	c.OnClose(func(comm.Message) { fmt.Println("they hung up") })
	comm.Deliver(comm.Message{Kind: comm.Closed, ID: c.ID()}) // as a front end would
	// Output:
	// comm_open my.extension {"hello":"there"}
	// they hung up
}

func ExampleComm_Target() {
	defer listen()()
	c := opened()
	defer c.Close(nil)
	fmt.Println(c.Target())
	// Output:
	// comm_open my.extension {"hello":"there"}
	// my.extension
	// comm_close  {}
}

func ExampleComm_ID() {
	defer listen()()
	c := opened()
	defer c.Close(nil)
	fmt.Println(len(c.ID()) > 20)
	// Output:
	// comm_open my.extension {"hello":"there"}
	// true
	// comm_close  {}
}

func ExampleHandle() {
	defer listen()()
	comm.Handle("my.clock", func(c *comm.Comm, m comm.Message) {
		c.Send(map[string]string{"time": "noon"})
	})
	defer comm.Handle("my.clock", nil)
	comm.Deliver(comm.Message{Kind: comm.Opened, ID: "1", Target: "my.clock", Data: []byte("{}")}) // as a front end would
	for _, c := range comm.List("my.clock") {
		c.Close(nil)
	}
	// Output:
	// comm_msg  {"time":"noon"}
	// comm_close  {}
}

func ExampleList() {
	defer listen()()
	opened()
	for _, c := range comm.List("my.extension") {
		fmt.Println("open to", c.Target())
		c.Close(nil)
	}
	// Output:
	// comm_open my.extension {"hello":"there"}
	// open to my.extension
	// comm_close  {}
}

func ExampleDeliver() {
	defer listen()()
	c := opened()
	c.OnMessage(func(m comm.Message) { fmt.Println(string(m.Data)) })
	comm.Deliver(comm.Message{Kind: comm.Sent, ID: c.ID(), Data: []byte(`{"value":1}`)})
	c.Close(nil)
	// Output:
	// comm_open my.extension {"hello":"there"}
	// {"value":1}
	// comm_close  {}
}

func ExampleSetLink() {
	previous := comm.SetLink(func(m comm.Message) error {
		fmt.Println(m.Kind)
		return nil
	})
	defer func() { comm.SetLink(previous) }()
	opened().Close(nil)
	// Output:
	// comm_open
	// comm_close
}

func ExampleAttached() {
	fmt.Println(comm.Attached()) // true in a cell
	// Output: false
}
