using HybridConversations.Bench.Tests.Peer;

// PORT KIND FOLDER: serves until it is killed.
await using var server = await PeerServer.Start(new PeerOptions { Port = int.Parse(args[0]), Kind = Enum.Parse<PeerKind>(args[1]), Folder = args[2] });
await Task.Delay(Timeout.Infinite);
