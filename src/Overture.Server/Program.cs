return await Overture.Server.Cli.CommandLine.Create().Run(args);
