package postgres_test

import (
	"context"
	"fmt"

	"github.com/interleave-lab/interleave/lib/parts/postgres"
)

func ExampleStart() {
	ctx := context.Background()
	db, err := postgres.Start(ctx)
	if err != nil {
		fmt.Println(err) // says what to install
		return
	}
	defer db.Close()
	pool, err := db.Pool(ctx, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()
	var sum int
	err = pool.QueryRow(ctx, "SELECT sum(n) FROM generate_series(1, 10) n").Scan(&sum)
	fmt.Println(db.Label().Name, sum, err)
}

func ExampleServer_Connect() {
	ctx := context.Background()
	db, err := postgres.Start(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	conn, err := db.Connect(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close(ctx)
	fmt.Println(conn.Ping(ctx))
}

func ExampleServer_Pool() {
	ctx := context.Background()
	db, err := postgres.Start(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	pool, err := db.Pool(ctx, 64)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()
	fmt.Println(pool.Stat().MaxConns())
}

func ExampleServer_Label() {
	db, err := postgres.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	fmt.Println(db.Label().StandIn == "")
}

func ExampleServer_String() {
	db, err := postgres.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	fmt.Println(db)
}

func ExampleServer_Close() {
	db, err := postgres.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(db.Close())
}
