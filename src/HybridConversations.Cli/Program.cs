using HybridConversations.Cli.Commands;

return await HcCommandLine.Run(args);
