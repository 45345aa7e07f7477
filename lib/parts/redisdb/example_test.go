package redisdb_test

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/interleave-lab/interleave/lib/parts/redisdb"
)

func ExampleStart() {
	ctx := context.Background()
	db, err := redisdb.Start(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	c, err := db.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	c.Set(ctx, "greeting", "hello", 0)
	fmt.Println(db.Label(), c.Get(ctx, "greeting").Val())
}

func ExampleStandIn() {
	db, err := redisdb.StandIn(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	fmt.Println(db.Label()) // miniredis 2.40.0 (stand-in for Redis), private server on this machine
}

func ExampleServer_Client() {
	db, err := redisdb.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	c, err := db.Client(func(o *redis.Options) { o.PoolSize = 64 })
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	fmt.Println(c.Options().PoolSize)
}

func ExampleServer_Label() {
	db, err := redisdb.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	fmt.Println(db.Label().StandIn == "")
}

func ExampleServer_String() {
	db, err := redisdb.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	fmt.Println(db)
}

func ExampleServer_Close() {
	db, err := redisdb.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(db.Close())
}
