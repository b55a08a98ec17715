using HybridConversations.Silo.Commands;

return await SiloCommandLine.Run(args);
