using SmimeKit.Tool;

return await ToolApplication.RunAsync(args, ToolHost.ForConsole()).ConfigureAwait(false);
