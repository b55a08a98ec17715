using HybridConversations.Server.Commands;

return await HcCommandLine.Run(args);
