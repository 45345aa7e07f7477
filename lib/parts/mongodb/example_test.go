package mongodb_test

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/interleave-lab/interleave/lib/parts/mongodb"
)

func ExampleStart() {
	ctx := context.Background()
	db, err := mongodb.Start(ctx)
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
	defer c.Disconnect(ctx)
	_, err = c.Database("shop").Collection("orders").InsertOne(ctx, bson.M{"item": "lamp"})
	fmt.Println(db.Label(), err)
}

func ExampleStandIn() {
	db, err := mongodb.StandIn(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	fmt.Println(db.Label()) // FerretDB 1.24.0 (stand-in for MongoDB), over SQLite, private server on this machine
}

func ExampleServer_Client() {
	ctx := context.Background()
	db, err := mongodb.Start(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	c, err := db.Client(func(o *options.ClientOptions) { o.SetMaxPoolSize(64) })
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Disconnect(ctx)
	fmt.Println(c.Ping(ctx, nil))
}

func ExampleServer_Label() {
	db, err := mongodb.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	fmt.Println(db.Label().StandIn == "")
}

func ExampleServer_String() {
	db, err := mongodb.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	fmt.Println(db)
}

func ExampleServer_Close() {
	db, err := mongodb.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(db.Close())
}
