namespace HybridConversations.Devices.Telemetry;

/// <summary>
/// What a board draws, by its monitors in hwmon. An INA3221 has up to three rails, with millivolts and milliamperes: Orin Nano and NX tell what comes in (VDD_IN), AGX Orin three
/// rails that make the whole; a Thor has an INA238 at its input, which tells microwatts. And how often it was slowed down because it drew too much.
/// </summary>
internal static class BoardPower
{
    private static readonly string[] Inputs = ["VDD_IN", "POM_5V_IN"];
    private static readonly string[] AgxRails = ["VDD_GPU_SOC", "VDD_CPU_CV", "VIN_SYS_5V0"];

    /// <summary>Watts; null where nothing tells the whole.</summary>
    public static double? Watts(BoardFiles files)
    {
        var rails = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var chip in files.Folders("sys/class/hwmon", "hwmon*"))
        {
            if (files.Text(Path.Combine(chip, "name")) == "ina238" && files.Number(Path.Combine(chip, "power1_input")) is { } microwatts)
            {
                return microwatts / 1_000_000;
            }

            for (var channel = 1; channel <= 3; channel++)
            {
                if (files.Text(Path.Combine(chip, $"in{channel}_label")) is { } label
                    && files.Number(Path.Combine(chip, $"in{channel}_input")) is { } millivolts && files.Number(Path.Combine(chip, $"curr{channel}_input")) is { } milliamperes)
                {
                    rails[label] = millivolts * milliamperes / 1_000_000;
                }
            }
        }

        return Inputs.Where(rails.ContainsKey).Select(label => (double?)rails[label]).FirstOrDefault()
            ?? (AgxRails.All(rails.ContainsKey) ? AgxRails.Sum(label => rails[label]) : null);
    }

    /// <summary>Times since the board's start that too low a voltage or too high a current slowed it down; null where nothing counts them.</summary>
    public static long? OverCurrents(BoardFiles files)
    {
        var counters = files.Folders("sys/class/hwmon", "hwmon*").Where(chip => files.Text(Path.Combine(chip, "name")) == "soctherm_oc")
            .SelectMany(chip => Enumerable.Range(1, 3).Select(i => files.Number(Path.Combine(chip, $"oc{i}_event_cnt")))).OfType<double>().ToList();
        return counters.Count == 0 ? null : (long)counters.Sum();
    }
}
